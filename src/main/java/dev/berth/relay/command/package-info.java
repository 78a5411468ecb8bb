/**
 * What a CDP client says, read without a JSON tree: its commands, what policy makes of them, and what they mean for the log of
 * actions. Pure.
 */
package dev.berth.relay.command;
