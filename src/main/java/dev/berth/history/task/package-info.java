/** SQL for AI tasks: running and ended ones, their steps, and steps that later tasks may use again. */
package dev.berth.history.task;
