"""A headless Chromium, for scripts that look at a page.

They end with status 77 where there is no selenium.
"""

import importlib
import sys
from typing import Any, Callable

WAIT_S = 30


def module(name: str) -> Any:
    """One of selenium's, whose types are not complete."""
    try:
        return importlib.import_module("selenium." + name)
    except ImportError:
        sys.exit(77)


webdriver = module("webdriver")
service = module("webdriver.chrome.service")
ui = module("webdriver.support.ui")
exceptions = module("common.exceptions")


def browser(width: int, height: int, dark: bool = False) -> Any:
    """A new window; no sandbox, since tests may run as root."""
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(word)
    options.add_argument("--disable-dev-shm-usage")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(
        service=service.Service("/usr/bin/chromedriver"), options=options
    )
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {
            "width": width,
            "height": height,
            "deviceScaleFactor": 1,
            "mobile": width < 600,
        },
    )
    scheme = {"name": "prefers-color-scheme", "value": "light"}
    if dark:
        scheme["value"] = "dark"
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    return driver


class Page:
    """What a reader of the page sees."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def ask(self, script: str) -> Any:
        return self.driver.execute_script("return " + script)

    def wait(self, what: str, condition: Callable[[], bool]) -> None:
        ui.WebDriverWait(self.driver, WAIT_S, 0.05).until(
            lambda _: condition(), what
        )

    def wait_for(self, script: str) -> None:
        self.wait(script, lambda: bool(self.ask(script)))

    def text(self, selector: str) -> str:
        return str(self.ask(f"document.querySelector('{selector}').innerText"))
