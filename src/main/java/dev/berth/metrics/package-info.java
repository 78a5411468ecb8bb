/**
 * What a node counts for Prometheus. The only importer of Micrometer: other rooms call plain methods here, and what they know anyway is
 * read when somebody asks.
 */
package dev.berth.metrics;
