/**
 * Parses what a CDP client sends without building a JSON tree: its commands, the policy's verdict on them, and their meaning
 * for the action log. Pure.
 */
package dev.berth.cdpclient.command;
