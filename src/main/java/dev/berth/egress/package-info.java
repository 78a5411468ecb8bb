/** Where this server, and what works for its users, may connect to: judged by the address that is dialled, not by its name. */
package dev.berth.egress;
