#!/usr/bin/env node
import "../dist/leakhound.js";
