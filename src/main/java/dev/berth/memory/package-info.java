/** Lends memory to clients that are sending large messages, with a fair share for each user. For any thread. */
package dev.berth.memory;
