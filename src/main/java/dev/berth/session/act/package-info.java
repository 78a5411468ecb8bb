package dev.berth.session.act;
