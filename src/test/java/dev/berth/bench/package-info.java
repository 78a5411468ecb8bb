/** What Berth costs, as ratios against the raw thing in the same run: {@code ./mvnw -Pbench verify} prints one table. */
package dev.berth.bench;
