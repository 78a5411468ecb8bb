/**
 * AI tasks: a model drives a session by the same verbs as any client, within hard limits. Owns the tasks of a node; all of them live
 * on the event loop of its verticle.
 */
package dev.berth.agent;
