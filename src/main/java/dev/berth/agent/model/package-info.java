/**
 * A language model behind a port, its prices, its failures and what is tried again. The only importer of the model SDK,
 * whose classes are loaded only where a model is configured. Calls block threads of this room's own worker pool; the
 * port is used on an event loop.
 */
package dev.berth.agent.model;
