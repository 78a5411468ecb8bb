package dev.berth.agent;
