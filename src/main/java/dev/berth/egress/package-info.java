/**
 * The addresses that this server, and its parts that work for users, may connect to: judged by the address that is dialled, not by its
 * name.
 */
package dev.berth.egress;
