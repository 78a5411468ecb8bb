/** A session's action log as a program that does the same again. Pure. */
package dev.berth.script;
