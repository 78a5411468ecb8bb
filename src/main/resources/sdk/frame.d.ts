/** The types of berth.js. The build makes them from the contract (/openapi.yaml). */

export interface BerthOptions {
  /** By default the environment's BERTH_URL, else `http://127.0.0.1:8080`. */
  url?: string;
  /** An API key; by default the environment's BERTH_API_KEY. */
  key?: string;
  /** How long a request may take; 120,000 by default. */
  timeoutMillis?: number;
  /** How many more times what is safe to repeat is sent; 2 by default. */
  retries?: number;
}

/** How a single call is made. */
export interface Call {
  signal?: AbortSignal;
  timeoutMillis?: number;
}

/** What a file is given as. In Node, `fs.openAsBlob(path)` gives one of any size without reading it into memory. */
export type Content = Blob | ArrayBuffer | Uint8Array | string;

/** An event of a stream. A stream goes on after the `id` of its last event. */
export interface BerthEvent {
  id: string;
  /** The kind, such as `console`. */
  event: string;
  data: any;
}

/** Why something was not done. */
export class BerthError extends Error {
  /** Such as `session_ended`. The client's own are `unreachable`, `client_timeout`, `no_files`, and `http_…` where no Berth answered. */
  code: string;
  hint: string | null;
  /** Whether the same request may succeed later. */
  retryable: boolean;
  requestId: string | null;
  /** The HTTP status; null where no answer came. */
  status: number | null;
  retryAfterMillis: number | null;
}

/** A server of Berth, as one API key sees it. */
export class Berth {
  constructor(options?: BerthOptions);
  readonly url: string;
  /** A session that exists already. */
  session(sessionId: string): Session;
  /** Waits until an AI task has ended, or asks something (`status` is `waiting`). */
  waitForTask(taskId: string, call?: Call): Promise<Task>;

  //@ operations of the server
}

/** A session: a browser of its own. */
export class Session {
  readonly sessionId: string;
  /** The answer that it was created with; for a session that existed already only its id. */
  readonly created: Partial<CreatedSession> & {sessionId: string};
  readonly connectUrl: string | null;
  readonly liveUrl: string | null;
  readonly taskId: string | null;
  /** Waits until the session runs. Throws where it ends before. */
  running(call?: Call): Promise<void>;
  /** Waits until the session has ended, and gives it as it was then. */
  ended(call?: Call): Promise<SessionDetails>;
  /** Ends the session. Its logs and artifacts can still be read. */
  end(call?: Call): Promise<void>;
  /**
   * What happened in the session and happens, until it has ended: also over connections that break. Leave the loop to stop. `after`
   * is `start` (the default), `now`, or the `id` of an event.
   */
  events(args?: {kinds?: string; after?: string}, call?: Call): AsyncGenerator<BerthEvent, void>;
  /** All artifacts so far, oldest first. */
  artifacts(call?: Call): Promise<Artifact[]>;
  /** All actions so far, however many pages they take. */
  actions(args?: Parameters<Session['listActions']>[0], call?: Call): AsyncGenerator<Action, void>;
  /** All lines of the console so far that match, such as `{level: 'error'}`. */
  console(args?: Parameters<Session['listConsole']>[0], call?: Call): AsyncGenerator<ConsoleEntry, void>;
  /** All network requests so far that match, such as `{status: '4xx'}`. */
  network(args?: Parameters<Session['listNetwork']>[0], call?: Call): AsyncGenerator<NetworkEntry, void>;
  /** Reads an artifact, waiting while it is not stored yet. */
  download(artifact: {objectId?: string}): Promise<Uint8Array>;
  /** Reads an artifact into a file; Node only. */
  download(artifact: {objectId?: string}, path: string, call?: Call): Promise<string>;
  download(artifact: {objectId?: string}, path?: undefined, call?: Call): Promise<Uint8Array>;

  //@ operations of a session
}

//@ types
