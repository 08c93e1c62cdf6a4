import type { Fn } from "../program/entities.ts";
import { type Manifests, nearestAround } from "../program/manifests.ts";
import type { Program } from "../program/program.ts";

/** Packages that draw pages, and those that answer requests or draw pages on a server. */
const drawing = ["react-dom", "vue", "svelte", "@angular/core", "preact", "solid-js", "lit"];
const serving = /^(?:express|fastify|koa|next|nuxt|hono|@nestjs\/.*|@hapi\/.*|@remix-run\/.*|@sveltejs\/kit|@adonisjs\/.*|@feathersjs\/.*)$/;

/** Whether a function stands in a file that draws pages, with React (`react-intl`, `@headlessui/react`) or another: what it asks for, a page waits for. */
function draws({ file }: Fn): boolean {
  return file.facts.unit.imports.some(({ module }) => /(?:^|[/@-])react(?:$|[/-])/.test(module) || drawing.includes(module));
}

/** Whether a file belongs to a package whose code runs in a browser: what hangs there hangs for one person, until the page is left. */
function isPage(manifests: Manifests, path: string): boolean {
  return dependenciesOf(manifests, path).some((name) => drawing.includes(name)) && !isServer(manifests, path);
}

/** @returns whether a file belongs to a package that answers requests, or draws pages on a server */
export function isServer(manifests: Manifests, path: string): boolean {
  return dependenciesOf(manifests, path).some((name) => serving.test(name));
}

const dependenciesOf = (manifests: Manifests, path: string): readonly string[] => [...(nearestAround(manifests.node, path)?.dependencies.keys() ?? [])];

/** @returns whether a function runs in a browser: what hangs or stays there does so for one person, until the page is left */
export function runsInPage({ manifests }: Program, fn: Fn): boolean {
  return fn.file.language === "javascript" && (isPage(manifests, fn.file.path) || draws(fn));
}
