/**
 * Bytes in the object store, by way of a spool on disk. The only importer of the MinIO SDK. Disk and network work runs on worker threads.
 */
package dev.berth.artifact;
