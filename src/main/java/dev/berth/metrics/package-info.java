/**
 * The counters of a node for Prometheus. The only importer of Micrometer: other rooms call plain methods here, and figures that they have
 * anyway are read when somebody asks.
 */
package dev.berth.metrics;
