/** Bytes in the object store, by way of a spool on disk. The only importer of the MinIO SDK. */
package dev.berth.artifact;
