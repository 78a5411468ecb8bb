/**
 * The server of the Model Context Protocol: owns the sessions of its clients, each on a context of its own. The only importer of the
 * protocol's SDK and of Reactor.
 */
package dev.berth.mcp;
