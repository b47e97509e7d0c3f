// One Fanlight process: started, found by the URL it prints, stopped by its own handle.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after } from "node:test";

const START_DEADLINE_MS = 30_000;

export class Server {
  log = "";

  async start(flags) {
    const binary = process.env.FANLIGHT_BIN;
    assert.ok(binary, "FANLIGHT_BIN names the program under test");
    // The caller's own FANLIGHT_ settings must not change what is tested.
    const settings = Object.entries(process.env).filter(([name]) => !name.startsWith("FANLIGHT_"));
    this.process = spawn(binary, ["--listen", "127.0.0.1:0", ...flags], { env: Object.fromEntries(settings) });
    this.ended = once(this.process, "exit");
    process.on("exit", () => this.process.kill("SIGKILL"));
    this.process.stderr.on("data", (text) => (this.log += text));
    const watchdog = setTimeout(() => this.process.kill("SIGKILL"), START_DEADLINE_MS);
    for await (const line of createInterface(this.process.stdout)) {
      this.url ??= line.match(/http:\/\/\S+/)?.[0].replace(/\/$/, "");
      this.ready = line === "Ready.";
      if (this.ready) break;
    }
    clearTimeout(watchdog);
    assert.ok(this.ready && this.url, `Fanlight did not start:\n${this.log}`);
    return this;
  }

  get port() {
    return new URL(this.url).port;
  }

  async stop() {
    this.process.kill("SIGTERM");
    const [code] = await this.ended;
    assert.equal(code, 0, this.log);
    assert.doesNotMatch(this.log, /panicked at/);
  }

  async admin(method, path, body) {
    const answer = await fetch(this.url + path, { method, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.json();
  }

  freeze() {
    return this.admin("POST", "/_fanlight/clock", { freeze: true });
  }

  advance(seconds) {
    return this.admin("POST", "/_fanlight/clock", { advanceMs: seconds * 1000 });
  }

  async now() {
    return new Date((await this.admin("GET", "/_fanlight/clock")).nowMs);
  }
}

/** A server for one test file, stopped when its tests are done. */
export async function server(...flags) {
  const started = await new Server().start(flags);
  after(() => started.stop());
  return started;
}

/** The same with a clock that stands still until a test advances it. */
export async function steeredServer(...flags) {
  const steered = await server(...flags);
  await steered.freeze();
  return steered;
}
