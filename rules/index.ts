import type { Analyses } from "../src/analyses/analyses.ts";
import type { Rule } from "../src/findings/rule.ts";
import { cachedHandle } from "./cached-handle.ts";
import { capturedThis } from "./captured-this.ts";
import { deferredInLoop } from "./deferred-in-loop.ts";
import { droppedTask } from "./dropped-task.ts";
import { droppedWithoutCleanup } from "./dropped-without-cleanup.ts";
import { goroutineLeak } from "./goroutine-leak.ts";
import { lostCancel } from "./lost-cancel.ts";
import { nPlusOne } from "./n-plus-one.ts";
import { noShutdownCleanup } from "./no-shutdown-cleanup.ts";
import { perCallClient } from "./per-call-client.ts";
import { unboundedCollection } from "./unbounded-collection.ts";
import { unboundedScan } from "./unbounded-scan.ts";
import { unclearedTimer } from "./uncleared-timer.ts";
import { unclosedChannel } from "./unclosed-channel.ts";
import { unclosedResource } from "./unclosed-resource.ts";
import { unremovedListener } from "./unremoved-listener.ts";
import { unremovedTempFile } from "./unremoved-temp-file.ts";
import { untimedExec } from "./untimed-exec.ts";
import { untimedRequest } from "./untimed-request.ts";

/** All rules, by id. A test holds the list against the folder. */
export const rules: readonly Rule<Analyses>[] = [
  cachedHandle,
  capturedThis,
  deferredInLoop,
  droppedTask,
  droppedWithoutCleanup,
  goroutineLeak,
  lostCancel,
  nPlusOne,
  noShutdownCleanup,
  perCallClient,
  unboundedCollection,
  unboundedScan,
  unclearedTimer,
  unclosedChannel,
  unclosedResource,
  unremovedListener,
  unremovedTempFile,
  untimedExec,
  untimedRequest,
];
