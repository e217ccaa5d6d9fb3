// The entry of both test programs. Exit: 0 all passed, 1 one failed, 77 no test matched (Catch2 v2 and v3
// disagree on that one).
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Listener = Catch::EventListenerBase;
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
using Listener = Catch::TestEventListenerBase;
#endif

namespace {

size_t& tests_run() {
  static size_t count = 0;
  return count;
}

struct Counter : Listener {
  using Listener::Listener;
  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    ++tests_run();
    Listener::testCaseEnded(stats);
  }
};

}  // namespace

CATCH_REGISTER_LISTENER(Counter)

int main(int argc, char** argv) {
  Catch::Session session;
  if (session.applyCommandLine(argc, argv) != 0) return 2;
  const int failed = session.run();
  if (tests_run() == 0) return 77;
  return failed == 0 ? 0 : 1;
}
