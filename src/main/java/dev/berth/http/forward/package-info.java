/** Passes requests on to the node of the cluster that holds their session, and places new sessions. */
package dev.berth.http.forward;
