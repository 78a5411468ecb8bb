/** Says who asks, and whether they may: users, API keys with their limits and rates, tokens of sockets and links. Its SQL is here, too. */
package dev.berth.access;
