/** SQL for what retention removes, and for the objects that nothing refers to any more. */
package dev.berth.history.retention;
