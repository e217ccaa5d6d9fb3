// SIGINT and SIGTERM ask a run to finish its step; a second one stops at once.
#pragma once

namespace training {

void watch_signals();
// 0, SIGINT or SIGTERM.
int interrupted();

}  // namespace training
