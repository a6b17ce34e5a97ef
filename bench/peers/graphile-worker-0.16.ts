import * as library from "graphile-worker-0.16";
import { answerBy, type Library } from "./graphile.ts";

/** graphile-worker 0.16: 24 jobs at a time, and a connection for each; it has no local queue. */
answerBy(library as unknown as Library, { maxPoolSize: 25, concurrency: 24, pollInterval: 1_000 });
