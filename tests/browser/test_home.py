import pytest
from playwright.sync_api import expect

from .reading import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("A7a")]


def test_home_leads_to_what_is_to_be_done_first(sign_in, root):
    page = sign_in()
    page.goto("/")
    check(page)
    page.get_by_role("link", name="Upload some").press("Enter")
    expect(page.get_by_role("button", name="Upload").first).to_be_visible()
