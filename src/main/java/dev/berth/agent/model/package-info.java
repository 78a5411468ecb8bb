/**
 * A language model behind a port, its prices, its failures and what is tried again. Each provider's form of prompts and answers is one
 * class. Lives on the context that asks; worker threads write prompts and read answers, which hold pictures.
 */
package dev.berth.agent.model;
