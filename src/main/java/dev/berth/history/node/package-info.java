/** SQL for the nodes of a cluster: who is there, and what is ended for a node that is lost. */
package dev.berth.history.node;
