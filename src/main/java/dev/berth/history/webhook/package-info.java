/** SQL for webhooks and their deliveries. */
package dev.berth.history.webhook;
