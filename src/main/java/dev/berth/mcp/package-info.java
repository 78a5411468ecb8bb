package dev.berth.mcp;
