/** A session's action log as a program that repeats the actions. All classes are pure. */
package dev.berth.script;
