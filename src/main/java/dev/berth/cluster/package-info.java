/** How the nodes of a cluster find, trust and judge one another. */
package dev.berth.cluster;
