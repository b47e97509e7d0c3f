// An HTTP endpoint that SNS delivers to.
import { createServer } from "node:http";
import { once } from "node:events";
import { json } from "node:stream/consumers";
import { after } from "node:test";
import { until } from "./world.js";

export class Receiver {
  #messages = [];

  async listen() {
    const server = createServer(async (request, answer) => {
      this.#messages.push(await json(request));
      answer.end();
    });
    after(() => server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    this.url = `http://127.0.0.1:${server.address().port}/`;
    return this;
  }

  /** The message of this type that came, once it is there. */
  next(type) {
    return until(() => this.#messages.find((message) => message.Type === type), type);
  }
}
