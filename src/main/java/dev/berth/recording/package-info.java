/**
 * Videos of sessions: frames are put into a Matroska stream, which an ffmpeg process per recording turns into a WebM file. A
 * recorder lives on the context that started it; processes and files are worked with on worker threads.
 */
package dev.berth.recording;
