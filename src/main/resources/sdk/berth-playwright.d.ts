import type {
  PlaywrightTestArgs,
  PlaywrightTestOptions,
  PlaywrightWorkerArgs,
  PlaywrightWorkerOptions,
  TestType,
} from '@playwright/test';
import type {Reporter} from '@playwright/test/reporter';

export {expect} from '@playwright/test';

/** `use: {berth: {…}}` of a config or of a project. */
export interface BerthOptions {
  /** The server. By default BERTH_URL of the environment, else http://127.0.0.1:8080. */
  url?: string;
  /** The API key. By default BERTH_API_KEY of the environment. */
  key?: string;
  /** A session of its own for each test, which is the default, or one for all tests that a worker runs. */
  sessionPer?: 'test' | 'worker';
  /** Whether sessions are recorded. By default `onFailure`: recordings of tests that pass are dropped. */
  recording?: boolean | 'onFailure';
  /** More options of the sessions, as `options` of `POST /api/sessions` takes them. */
  options?: Record<string, unknown>;
  /** More labels of the sessions. */
  metadata?: Record<string, string>;
}

/** The session that a test runs in. */
export interface BerthSession {
  sessionId: string;
  /** The session's page in the dashboard. */
  url: string;
  /** For `connectOverCDP`. */
  connectUrl: string;
  /** For watching the session while it runs. */
  liveUrl: string;
}

export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & {berthSession: BerthSession},
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & {berth: BerthOptions}
>;

/** Reports steps, errors and traces to Berth, and prints a line for each test that failed. */
export default class BerthReporter implements Reporter {
  printsToStdio(): boolean;
}
