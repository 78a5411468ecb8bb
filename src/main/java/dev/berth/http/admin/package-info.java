/** What the operator of a server asks: health, metrics, nodes, drain, and who a key is. */
package dev.berth.http.admin;
