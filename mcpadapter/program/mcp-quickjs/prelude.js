// The global object of a program, and the three functions by which the process drives it. What a program may replace,
// such as JSON, is taken here first.
(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const { defineProperty } = Object;
  const { construct, getPrototypeOf } = Reflect;
  const { isInteger, isSafeInteger } = Number;
  const RealDate = Date, RealProxy = Proxy, RealPromise = Promise, RealError = Error, RealMap = Map;
  const push = Function.prototype.call.bind(Array.prototype.push);
  const AsyncFunction = getPrototypeOf(async function () {}).constructor;

  let now = 0, output = 0, most = 0;
  let ended = null;        // {value} or {error}
  let made = 0;            // calls so far
  let fresh = [];          // calls that the server does not know yet
  let sent = 0;            // calls that wait for their results
  const waiting = new RealMap();
  const log = [];
  let logged = 0;

  // Time stands still, and random numbers repeat, so that a program does the same when it runs again.
  function FixedDate(...parts) {
    if (!new.target) return new RealDate(now).toString();
    return construct(RealDate, parts.length > 0 ? parts : [now], new.target);
  }
  FixedDate.prototype = RealDate.prototype;
  FixedDate.now = () => now;
  FixedDate.parse = RealDate.parse;
  FixedDate.UTC = RealDate.UTC;
  defineProperty(RealDate.prototype, 'constructor', { value: FixedDate });
  defineProperty(FixedDate, 'name', { value: 'Date' });
  globalThis.Date = FixedDate;
  let state = 0x2545f491;
  Math.random = () => { // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  for (const name of ['performance', 'WeakRef', 'FinalizationRegistry', 'Atomics', 'SharedArrayBuffer', 'print', 'std',
    'os', 'bjson', 'scriptArgs', 'navigator', 'gc']) delete globalThis[name];

  class CallError extends RealError {
    constructor(operation, text, failure) {
      super(operation + ': ' + text);
      this.operation = operation;
      this.status = failure.status ?? 0;
      this.code = failure.code;
      this.details = failure;
    }
    get name() { return 'CallError'; }
  }

  // Integers beyond 2 ** 53 come as strings, with all their digits. As a number one has lost some, and may be the ID of
  // something else.
  function written(operation, args) {
    return stringify(args, (key, v) => {
      if (typeof v === 'number' && isInteger(v) && !isSafeInteger(v) && v < 1e21 && v > -1e21) {
        throw new TypeError(operation + ': ' + key + ': ' + v + ' is beyond 2 ** 53 and may have lost digits: ' +
          'write it as a string');
      }
      return v;
    });
  }

  // send makes a call. Its promise has the whole result, with what leads to the next page.
  function send(operation, args, each) {
    if (args === undefined) args = {};
    if (args === null || typeof args !== 'object' || Array.isArray(args)) {
      throw new TypeError(operation + ': want one object with the arguments, got ' + stringify(args));
    }
    if (made >= most) throw new RangeError('a program makes at most ' + most + ' calls');
    const text = written(operation, args);
    const call = { id: ++made, operation, arguments: text, each };
    const promise = new RealPromise((resolve, reject) => waiting.set(call.id, { operation, resolve, reject }));
    push(fresh, call);
    return { call, promise };
  }

  async function* pages(operation, args, first) {
    for (let page = await first; ; page = await send(operation, { ...args, ...page.next }, true).promise) {
      if (page.items === undefined) throw new TypeError(operation + ' does not return a list');
      yield* page.value[page.items];
      if (!page.next) return;
    }
  }

  function operate(operation, args) {
    const { call, promise } = send(operation, args, false);
    const value = promise.then((result) => result.value);
    defineProperty(value, Symbol.asyncIterator, {
      value: () => { call.each = true; return pages(operation, args, promise); },
    });
    value.catch(() => {}); // the line of the call reports it
    return value;
  }

  function node(path) {
    return new RealProxy(function () {}, {
      get: (_, key) => {
        if (typeof key === 'symbol' || key === 'then' || key === 'toJSON') return undefined;
        if (key === 'toString') return () => 'api.' + path;
        return node(path === '' ? key : path + '.' + key);
      },
      apply: (_, __, args) => operate(path, args[0]),
      set: () => { throw new TypeError('operations cannot be replaced'); },
    });
  }
  defineProperty(globalThis, 'api', { value: node('') });
  defineProperty(globalThis, 'CallError', { value: CallError });

  function write(...values) {
    if (log.length === 20 || logged >= 2000) return;
    const text = values.map((v) => typeof v === 'string' ? v : stringify(v) ?? String(v)).join(' ').slice(0, 500);
    push(log, text);
    logged += text.length;
  }
  globalThis.console = { log: write, info: write, warn: write, error: write, debug: write };

  function compile(source) {
    const expression = source.trim().replace(/;+$/, '');
    if (expression !== '') {
      try {
        return AsyncFunction('args', 'return (' + expression + '\n)');
      } catch (e) {
        if (!(e instanceof SyntaxError)) throw e;
      }
    }
    return AsyncFunction('args', source);
  }

  async function main(source, args) {
    let result = await compile(source)(args);
    if (typeof result === 'function') result = await result(args); // async () => { … }
    return result;
  }

  const failureOf = (e) => {
    if (e === null) return { name: 'out_of_memory' }; // for which not even an error fits, or null itself
    if (typeof e !== 'object') return { name: 'Error', message: String(e) };
    const stack = String(e.stack ?? '');
    const at = /<input>:(\d+)/.exec(stack);
    return {
      name: String(e.name ?? 'Error'), message: String(e.message ?? ''), code: e instanceof CallError ? e.code : undefined,
      line: at ? Math.max(1, at[1] - 2) : undefined, // of two lines that the constructor puts in front
    };
  };

  return {
    begin(source, args, clock, outputLimit, callLimit) {
      now = clock; output = outputLimit; most = callLimit;
      main(source, parse(args)).then(
        (value) => { ended = { value }; },
        (error) => { ended = { error: failureOf(error) }; fresh = []; }); // nothing is sent after a failure
    },

    // take returns the calls to make, or else how the program ended. idle: there are no jobs to run.
    take(idle) {
      if (!idle) return '';
      if (fresh.length + sent > 0 && ended?.error === undefined) {
        const calls = fresh;
        fresh = [];
        sent += calls.length;
        return stringify(calls);
      }
      if (ended === null) {
        ended = { error: { name: 'Error', message: 'the program waits for a promise that nothing settles' } };
      }
      let end = { error: ended.error, log };
      if (ended.error === undefined) {
        try {
          const value = stringify(ended.value) ?? 'null';
          if (value.length <= output) return '{"value":' + value + ',"log":' + stringify(log) + '}';
          end = { error: { name: 'output_too_large' }, log };
        } catch (e) {
          end = { error: failureOf(e), log };
        }
      }
      return stringify(end);
    },

    // give settles the calls whose results have come.
    give(text) {
      for (const result of parse(text)) {
        const { operation, resolve, reject } = waiting.get(result.id);
        waiting.delete(result.id);
        sent--;
        if (result.failure) reject(new CallError(operation, result.text, result.failure));
        else resolve(result);
      }
    },
  };
})()
