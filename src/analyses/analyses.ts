import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import { CallGraph } from "./call-graph.ts";
import { HeatMap } from "./heat.ts";
import { ProcessEnds } from "./process-end.ts";
import { ProcessLives } from "./process-life.ts";
import { JobLimits } from "./job-limits.ts";
import { type LimitedLibraries, limitedLibraries } from "./request-limits.ts";
import { type Service, servicesOf } from "./shutdown.ts";
import { ChannelUses } from "./channels/uses.ts";
import { HolderFinder } from "./collections/identity.ts";
import { queuesOf } from "./channels/queues.ts";
import { type Channel, channelsOf } from "./channels/waiting.ts";
import { type Stuck, stuckOf } from "./concurrency/stuck.ts";
import { type SharedClient, clientsOf } from "./clients.ts";
import { type Capture, capturesOf } from "./collections/captures.ts";
import { type HeldByFinalizer, heldByFinalizers } from "./collections/finalizers.ts";
import { type CachedHandle, cachedHandles } from "./collections/handles.ts";
import { type Growth, growthOf } from "./collections/growth.ts";
import { ObjectLifetimes } from "./collections/lifetime.ts";
import { type TouchedHolder, touchesOf } from "./collections/touches.ts";
import { type Drop, dropsOf } from "./owners/drops.ts";
import { type Deferral, deferralsOf } from "./resources/deferrals.ts";
import { type Lifetime, lifetimesOf } from "./resources/lifetimes.ts";
import { type Forgotten, forgottenFields } from "./resources/forgotten.ts";
import { Handlings } from "./resources/handlings.ts";
import { type Replaced, replacedFields } from "./resources/replaced.ts";
import { type Unfinished, unfinishedObjects } from "./resources/unfinished.ts";
import { type LeftTimer, leftTimers } from "./registrations/left-timers.ts";
import { type OwnSubscription, ownSubscriptions } from "./registrations/own-registries.ts";
import { type Owed, OwedUndos } from "./registrations/owed.ts";
import { memoisedFunctions } from "./work/memoised.ts";
import { type LazyLoad, lazyLoads } from "./work/relations.ts";
import { type RepeatedWork, repeatedWork } from "./work/repeated.ts";
import { PerformedWork } from "./work/performed.ts";
import { type Scan, scansOf } from "./work/scans.ts";

/** What rules read: the program and the answers about it, each computed when it is first asked for. */
export class Analyses {
  readonly program: Program;
  readonly callGraph: CallGraph;
  readonly heat: HeatMap;
  readonly performed: PerformedWork;
  readonly processEnds: ProcessEnds;
  readonly #finder: HolderFinder;
  readonly #channelUses: ChannelUses;
  readonly #handlings: Handlings;
  #lifetimes: readonly Lifetime[] | null = null;
  #captures: readonly Capture[] | null = null;
  #heldByFinalizers: readonly HeldByFinalizer[] | null = null;
  #handles: readonly CachedHandle[] | null = null;
  #services: readonly Service[] | null = null;
  #drops: readonly Drop[] | null = null;
  #deferrals: readonly Deferral[] | null = null;
  #forgotten: readonly Forgotten[] | null = null;
  #replaced: readonly Replaced[] | null = null;
  #unfinished: readonly Unfinished[] | null = null;
  #repeated: readonly RepeatedWork[] | null = null;
  #lazyLoads: readonly LazyLoad[] | null = null;
  #clients: readonly SharedClient[] | null = null;
  #scans: readonly Scan[] | null = null;
  #growth: readonly Growth[] | null = null;
  #objects: ObjectLifetimes | null = null;
  #touched: ReadonlyMap<string, TouchedHolder> | null = null;
  #memoised: ReadonlySet<Fn> | null = null;
  #channels: readonly Channel[] | null = null;
  #queues: readonly Channel[] | null = null;
  #processes: ProcessLives | null = null;
  #stuck: Stuck | null = null;
  #owed: readonly Owed[] | null = null;
  #ownSubscriptions: readonly OwnSubscription[] | null = null;
  #leftTimers: readonly LeftTimer[] | null = null;
  #jobLimits: JobLimits | null = null;
  #limited: LimitedLibraries | null = null;

  constructor(program: Program) {
    this.program = program;
    this.callGraph = new CallGraph(program);
    this.heat = new HeatMap(program, this.callGraph);
    this.processEnds = new ProcessEnds(program, this.heat);
    this.#finder = new HolderFinder(program);
    this.#handlings = new Handlings(program);
    this.#channelUses = new ChannelUses(program, this.#finder);
    this.performed = new PerformedWork(program, this.callGraph, () => this.memoised);
  }

  /** The lives of all resources. */
  get lifetimes(): readonly Lifetime[] {
    this.#lifetimes ??= lifetimesOf(this.program, this.callGraph, this.memoised);
    return this.#lifetimes;
  }

  /** Resources opened in loops whose release is put off beyond the step. */
  get deferrals(): readonly Deferral[] {
    this.#deferrals ??= deferralsOf(this.program, this.lifetimes);
    return this.#deferrals;
  }

  /** Resources that take the place of others in fields. */
  get replaced(): readonly Replaced[] {
    this.#replaced ??= replacedFields(this.program, this.#handlings, this.lifetimes);
    return this.#replaced;
  }

  /** Resources that constructors keep before they throw. */
  get unfinished(): readonly Unfinished[] {
    this.#unfinished ??= unfinishedObjects(this.program, this.#handlings, this.lifetimes);
    return this.#unfinished;
  }

  /** Resources of an object that the method which ends it forgets. */
  get forgotten(): readonly Forgotten[] {
    this.#forgotten ??= forgottenFields(this.program, this.#handlings, this.lifetimes);
    return this.#forgotten;
  }

  /** What the limits of jobs bound. */
  get jobLimits(): JobLimits {
    this.#jobLimits ??= new JobLimits(this.program, this.callGraph, this.heat);
    return this.#jobLimits;
  }

  /** Timers that a step of a loop leaves behind. */
  get leftTimers(): readonly LeftTimer[] {
    this.#leftTimers ??= leftTimers(this.program, this.callGraph);
    return this.#leftTimers;
  }

  /** Queries and requests per step of a loop. */
  get repeated(): readonly RepeatedWork[] {
    this.#repeated ??= repeatedWork(this.program, this.callGraph, this.performed);
    return this.#repeated;
  }

  /** Relations that are loaded one by one in loops over query results. */
  get lazyLoads(): readonly LazyLoad[] {
    this.#lazyLoads ??= lazyLoads(this.program);
    return this.#lazyLoads;
  }

  /** Clients and what becomes of them. */
  get clients(): readonly SharedClient[] {
    this.#clients ??= clientsOf(this.program, this.callGraph);
    return this.#clients;
  }

  /** Long-lived collections that grow. */
  get growth(): readonly Growth[] {
    this.#growth ??= growthOf(this.program, this.callGraph, this.heat, this.objects, this.touched);
    return this.#growth;
  }

  /** What all functions do to variables and fields that outlive them. */
  get touched(): ReadonlyMap<string, TouchedHolder> {
    this.#touched ??= touchesOf(this.program);
    return this.#touched;
  }

  /** Handles that are opened when they are missing, and kept for the life of the process. */
  get handles(): readonly CachedHandle[] {
    this.#handles ??= cachedHandles(this.program, this.objects, this.touched);
    return this.#handles;
  }

  /** Functions that remember what they answered. */
  get memoised(): ReadonlySet<Fn> {
    this.#memoised ??= memoisedFunctions(this.program, this.touched.values());
    return this.#memoised;
  }

  /** How long the objects of each class live. */
  get objects(): ObjectLifetimes {
    this.#objects ??= new ObjectLifetimes(this.program, this.heat);
    return this.#objects;
  }

  /** How long the processes live that run the code. */
  get processes(): ProcessLives {
    this.#processes ??= new ProcessLives(this.program, this.callGraph, this.heat);
    return this.#processes;
  }

  /** Channels, and who waits on them. */
  get channels(): readonly Channel[] {
    this.#channels ??= channelsOf(this.program, this.#finder, this.#channelUses, this.heat, this.objects);
    return this.#channels;
  }

  /** Queues between threads, tasks and processes, as channels. */
  get queues(): readonly Channel[] {
    this.#queues ??= queuesOf(this.program, this.heat, this.objects);
    return this.#queues;
  }

  /** Functions that hold their object in collections that outlive it. */
  get captures(): readonly Capture[] {
    this.#captures ??= capturesOf(this.program, this.callGraph, this.heat, this.objects, this.growth);
    return this.#captures;
  }

  /** What is to be done when an object is freed, and holds it. */
  get heldByFinalizers(): readonly HeldByFinalizer[] {
    this.#heldByFinalizers ??= heldByFinalizers(this.program);
    return this.#heldByFinalizers;
  }

  /** Removals from collections whose entries hold something that has to be ended. */
  get drops(): readonly Drop[] {
    this.#drops ??= dropsOf(this.program, this.callGraph, this.touched, this.channels);
    return this.#drops;
  }

  /** Ways in which goroutines block for ever. */
  get stuck(): Stuck {
    this.#stuck ??= stuckOf(this.program, this.callGraph, this.heat, this.#channelUses, { channels: this.channels, queues: this.queues });
    return this.#stuck;
  }

  /** Listeners, timers and observers whose undo somebody owes. */
  get owed(): readonly Owed[] {
    this.#owed ??= new OwedUndos(this.program, this.callGraph, this.heat, this.objects, this.processes).found;
    return this.#owed;
  }

  /** Subscriptions to registries of the program itself that requests take. */
  get ownSubscriptions(): readonly OwnSubscription[] {
    this.#ownSubscriptions ??= ownSubscriptions(this.program, this.callGraph, this.heat, this.objects, this.#finder, this.touched);
    return this.#ownSubscriptions;
  }

  /** Libraries whose calls the program limits as a whole. */
  get limitedLibraries(): LimitedLibraries {
    this.#limited ??= limitedLibraries(this.program, this.callGraph);
    return this.#limited;
  }

  /** Servers that the program starts, and how they are stopped. */
  get services(): readonly Service[] {
    this.#services ??= servicesOf(this.program, this.callGraph, this.heat, this.clients);
    return this.#services;
  }

  /** Walks over keyspaces and cursors. */
  get scans(): readonly Scan[] {
    this.#scans ??= scansOf(this.program, this.callGraph);
    return this.#scans;
  }
}
