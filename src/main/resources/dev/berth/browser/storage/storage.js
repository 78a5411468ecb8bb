// Reads and writes what the origin of this document has stored, in the form of Playwright's storageState. One expression: a function
// that returns {collect, restore}. It runs in an empty document of Berth's own, in which no script of a site has run.
() => {
  const NUMBERS = new Map([['NaN', NaN], ['Infinity', Infinity], ['-Infinity', -Infinity], ['-0', -0]]);
  const ARRAYS = { i8: Int8Array, ui8: Uint8Array, ui8c: Uint8ClampedArray, i16: Int16Array, ui16: Uint16Array, i32: Int32Array,
    ui32: Uint32Array, f32: Float32Array, f64: Float64Array, bi64: BigInt64Array, bui64: BigUint64Array };

  const base64 = (bytes) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  };
  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const tag = (value) => Object.prototype.toString.call(value);

  // What JSON says without loss; `around` has what the value is within, which it may contain again.
  const plain = (value, around = new Set()) => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
    if (around.has(value) || !(Array.isArray(value) || tag(value) === '[object Object]')) return false;
    around.add(value);
    const all = Array.isArray(value) ? Array.from(value) : Object.values(value);
    const answer = all.every((each) => plain(each, around));
    around.delete(value);
    return answer;
  };

  class Unknown extends Error {}

  // Each object has an id, so that the same one further on, or around itself, is a reference.
  const encode = (value, seen) => {
    const known = (number) => [...NUMBERS].find(([, each]) => Object.is(each, number));
    if (value === undefined) return { v: 'undefined' };
    if (value === null) return { v: 'null' };
    if (typeof value === 'number') return known(value) ? { v: known(value)[0] } : value;
    if (typeof value === 'bigint') return { bi: value.toString() };
    if (typeof value !== 'object') return value;
    if (value instanceof Error) return { e: { n: value.name, m: value.message, s: value.stack ?? '' } };
    if (value instanceof Date) return { d: value.toJSON() };
    if (value instanceof RegExp) return { r: { p: value.source, f: value.flags } };
    for (const [kind, type] of Object.entries(ARRAYS)) {
      if (value instanceof type) return { ta: { b: base64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)), k: kind } };
    }
    if (value instanceof ArrayBuffer) return { ab: { b: base64(new Uint8Array(value)) } };
    if (seen.has(value)) return { ref: seen.get(value) };
    const id = seen.size + 1;
    seen.set(value, id);
    if (value instanceof Map) return { m: [...value].map(([k, v]) => ({ k: encode(k, seen), v: encode(v, seen) })), id };
    if (value instanceof Set) return { s: [...value].map((each) => encode(each, seen)), id };
    if (Array.isArray(value)) return { a: Array.from(value, (each) => encode(each, seen)), id };
    if (tag(value) === '[object Object]') return { o: Object.keys(value).map((k) => ({ k, v: encode(value[k], seen) })), id };
    throw new Unknown(); // such as a file, or a key of crypto.subtle
  };

  const decode = (value, seen) => {
    if (typeof value !== 'object' || value === null) return value;
    const begun = (made) => {
      seen.set(value.id, made);
      return made;
    };
    if ('ref' in value) return seen.get(value.ref);
    if ('v' in value) return value.v === 'null' ? null : NUMBERS.get(value.v);
    if ('bi' in value) return BigInt(value.bi);
    if ('d' in value) return new Date(value.d === null ? NaN : value.d);
    if ('u' in value) return value.u;
    if ('r' in value) return new RegExp(value.r.p, value.r.f);
    if ('e' in value) {
      const error = new Error(value.e.m);
      error.name = value.e.n;
      error.stack = value.e.s;
      return error;
    }
    if ('ta' in value) return new ARRAYS[value.ta.k](bytes(value.ta.b).buffer);
    if ('ab' in value) return bytes(value.ab.b).buffer;
    if ('m' in value) {
      const map = begun(new Map());
      value.m.forEach(({ k, v }) => map.set(decode(k, seen), decode(v, seen)));
      return map;
    }
    if ('s' in value) {
      const set = begun(new Set());
      value.s.forEach((each) => set.add(decode(each, seen)));
      return set;
    }
    if ('a' in value) {
      const array = begun([]);
      value.a.forEach((each) => array.push(decode(each, seen)));
      return array;
    }
    const object = begun({});
    (value.o ?? []).filter(({ k }) => k !== '__proto__').forEach(({ k, v }) => { object[k] = decode(v, seen); });
    return object;
  };

  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  // {key: …} or {keyEncoded: …}
  const field = (name, value) => (plain(value) ? { [name]: value } : { [name + 'Encoded']: encode(value, new Map()) });
  const path = (keyPath) => (typeof keyPath === 'string' ? { keyPath } : Array.isArray(keyPath) ? { keyPathArray: keyPath } : {});

  const readStore = async (store, lost) => {
    const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    const records = [];
    keys.forEach((key, at) => {
      try {
        records.push({ ...(store.keyPath === null ? field('key', key) : {}), ...field('value', values[at]) });
      } catch (e) {
        if (!(e instanceof Unknown || e instanceof RangeError)) throw e; // the latter where it is nested too deep
        lost.count++;
      }
    });
    const indexes = Array.from(store.indexNames, (name) => store.index(name))
      .map((index) => ({ name: index.name, ...path(index.keyPath), multiEntry: index.multiEntry, unique: index.unique }));
    return { name: store.name, records, indexes, autoIncrement: store.autoIncrement, ...path(store.keyPath) };
  };

  const readDatabase = async ({ name, version }, lost) => {
    const opening = indexedDB.open(name);
    let gone = false;
    // One that went away meanwhile would be made again.
    opening.onupgradeneeded = () => {
      gone = true;
      opening.transaction.abort();
    };
    const db = await done(opening).catch((e) => {
      if (!gone) throw e;
    });
    if (gone) return null;
    try {
      const names = Array.from(db.objectStoreNames);
      const reading = names.length > 0 ? db.transaction(names, 'readonly') : null;
      return { name, version, stores: await Promise.all(names.map((each) => readStore(reading.objectStore(each), lost))) };
    } finally {
      db.close();
    }
  };

  const collect = async (withDatabases) => {
    const lost = { count: 0 };
    const items = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at));
    const stored = { localStorage: items.map((name) => ({ name, value: localStorage.getItem(name) })) };
    if (withDatabases) {
      const all = (await indexedDB.databases()).map((each) => readDatabase(each, lost));
      stored.indexedDB = (await Promise.all(all)).filter((each) => each !== null);
    }
    const any = stored.localStorage.length > 0 || stored.indexedDB?.length > 0;
    return { text: any ? JSON.stringify(stored) : '', lost: lost.count };
  };

  const writeDatabase = async ({ name, version, stores }) => {
    if (typeof name !== 'string' || !Number.isInteger(version) || !Array.isArray(stores)) {
      throw new Error('a database must have a name, a version and stores');
    }
    const opening = indexedDB.open(name, version);
    opening.onupgradeneeded = () => stores.forEach((store) => {
      const made = opening.result.createObjectStore(store.name,
        { autoIncrement: store.autoIncrement ?? false, keyPath: store.keyPathArray ?? store.keyPath ?? null });
      (store.indexes ?? []).forEach((index) =>
        made.createIndex(index.name, index.keyPathArray ?? index.keyPath, { unique: index.unique, multiEntry: index.multiEntry }));
    });
    const db = await done(opening);
    try {
      if (stores.length === 0) return;
      const writing = db.transaction(stores.map((store) => store.name), 'readwrite');
      const written = new Promise((resolve, reject) => {
        writing.oncomplete = resolve;
        writing.onabort = () => reject(writing.error);
      });
      stores.forEach((store) => (store.records ?? []).forEach((record) => {
        const value = 'valueEncoded' in record ? decode(record.valueEncoded, new Map()) : record.value;
        const key = 'keyEncoded' in record ? decode(record.keyEncoded, new Map()) : record.key;
        writing.objectStore(store.name).add(value, key);
      }));
      await written;
    } finally {
      db.close();
    }
  };

  const restore = async (stored) => {
    localStorage.clear();
    stored.localStorage.forEach(({ name, value }) => localStorage.setItem(name, value));
    await Promise.all((stored.indexedDB ?? []).map(writeDatabase));
  };

  return { collect, restore };
}
