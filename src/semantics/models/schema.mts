/** Writes `rules/models/schema.json`, the JSON Schema that editors use for model files. Run it after a change of the format. */
import { writeFileSync } from "node:fs";
import { modelFileSchema } from "./schema.ts";

writeFileSync(new URL("../../../rules/models/schema.json", import.meta.url), `${JSON.stringify(modelFileSchema(), null, 2)}\n`);
