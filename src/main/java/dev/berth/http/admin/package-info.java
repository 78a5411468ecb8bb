/** The routes of a server's operator: health, metrics, nodes, drain, and who a key is. */
package dev.berth.http.admin;
