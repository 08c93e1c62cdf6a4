import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * @param root the project's root
 * @param chosen the folder the user named; null: the system's folder for caches
 * @returns the folder for this project's cache, which may not exist
 */
export function cacheFolderOf(root: string, chosen: string | null): string {
  return join(chosen ?? systemCacheFolder(), createHash("sha256").update(root).digest("hex").slice(0, 16));
}

function systemCacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME !== undefined && XDG_CACHE_HOME !== "") return join(XDG_CACHE_HOME, "leakhound");
  if (process.platform === "win32") return join(LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "leakhound", "cache");
  return process.platform === "darwin" ? join(homedir(), "Library", "Caches", "leakhound") : join(homedir(), ".cache", "leakhound");
}
