// Runs before every test file (`setupFiles`). Whatever the service answers in this process over node:http or fetch, be it to a
// test or to what is tested, is held against the API's description; a test that was answered otherwise fails. Answers over
// bare sockets are seen by `bare-socket.ts`, those in a browser by `browser.ts`, those of other programs by `passing-proxy.ts`.
import "./heard-answers.ts";
import { afterAll, afterEach } from "vitest";
import { reportAnswers } from "./seen-answers.ts";

afterEach(reportAnswers);
afterAll(reportAnswers);
