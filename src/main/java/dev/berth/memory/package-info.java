/** Memory that is lent to those who are in the middle of sending much, in a fair share to each user. For any thread. */
package dev.berth.memory;
