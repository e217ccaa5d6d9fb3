// Looks for a display before SFML does: SFML 2.5 aborts the process when it cannot open one.
#include <dlfcn.h>

#include <cstdlib>
#include <string>

#include "core/error.h"
#include "render/viewer/watch.h"

namespace render {

// Xlib, which SFML has loaded already, opened by name: no header and no package of it is needed here. The
// connection stays open: a server that loses its only client may reset just when SFML comes.
static bool opens(const char* display) {
  void* const xlib = dlopen("libX11.so.6", RTLD_LAZY);
  if (!xlib) return true;  // another window system: SFML knows better
  const auto open = reinterpret_cast<void* (*)(const char*)>(dlsym(xlib, "XOpenDisplay"));
  static void* connection = nullptr;
  if (!connection && open) connection = open(display);
  return connection != nullptr;
}

void require_display() {
  static constexpr const char* advice =
      "without one, `atelier watch RUN` writes pictures with --frames DIR and a film with --record FILE.gif";
  const char* display = std::getenv("DISPLAY");
  core::check(display && *display, "no display: DISPLAY is not set; {}", advice);
  core::check(opens(display), "no display: '{}' (DISPLAY) cannot be opened; {}", display, advice);
}

}  // namespace render
