import { serveWorker } from "../engine/serve-worker.ts";
import { frontEnds } from "./front-ends.ts";

serveWorker(frontEnds);
