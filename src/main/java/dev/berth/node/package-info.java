/**
 * A node: its data folder, what is checked before it starts, and how its parts are made of the rooms below. Opened for {@code Server}
 * and the other commands, which say in which order.
 */
package dev.berth.node;
