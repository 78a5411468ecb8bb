/** The whole logic of an AI task, pure: state, inputs, effects, and the conversation with its model. Lives on no thread. */
package dev.berth.agent.machine;
