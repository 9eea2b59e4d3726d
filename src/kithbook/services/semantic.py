"""Which model takes the second look: the packaged one, or a stronger one that the user has on this machine."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from kithbook.services import meaning, meaningfiles
from kithbook.services.matchviews import SemanticView
from kithbook.services.owners import touch_revision
from kithbook.services.registry import operation
from kithbook.store.models import Owner, TextVector


@operation(reads=True)
def status(owner: Owner) -> SemanticView:
    """Which model compares needs and offers, and how many vectors of texts are stored."""
    return _view(owner, "English, and words for work in German, French, Spanish. Texts never leave this machine.")


def use(owner: Owner, folder: Path) -> SemanticView:
    """Compare with the model in a folder from now on: a BERT with `model.safetensors` and `vocab.txt`.

    Only the command line offers this: a folder is named by someone who works on this machine. Raises NotFound or
    Invalid for a folder without a model that can be run; then everything stays as it was.
    """
    path = folder.expanduser().absolute()
    meaningfiles.read_folder(path)
    tag = meaningfiles.fingerprint(path)
    meaning.supplied(str(path), tag, owner)
    with transaction.atomic():
        owner.settings = {**owner.settings, meaning.SETTING: {"folder": str(path), "tag": tag}}
        Owner.objects.filter(pk=owner.pk).update(settings=owner.settings)
        kept = (tag, meaning.concepts_tag(tag), meaning.PACKAGED)
        TextVector.objects.of(owner).exclude(model__in=kept).delete()
        touch_revision(owner)
    return _view(owner, "Needs and offers are compared with this model from now on.")


@operation()
@transaction.atomic
def reset(owner: Owner) -> SemanticView:
    """Compare with the packaged model again, and drop stored vectors; they are made anew when needed."""
    owner.settings = {key: value for key, value in owner.settings.items() if key != meaning.SETTING}
    Owner.objects.filter(pk=owner.pk).update(settings=owner.settings)
    meaning.forget(owner)
    touch_revision(owner)
    return _view(owner, "The packaged model compares needs and offers.")


def _view(owner: Owner, message: str) -> SemanticView:
    chosen = owner.settings.get(meaning.SETTING, {})
    model = meaning.deep(owner)
    is_own = model.tag != meaning.PACKAGED
    if chosen and not is_own:
        message = f"The model in {chosen['folder']} is not there; the packaged one is used meanwhile."
    return SemanticView(
        model=model.tag,
        folder=chosen.get("folder", "") if is_own else "",
        is_own=is_own,
        width=model.model.width,
        stored=TextVector.objects.of(owner).filter(model=model.tag).count(),
        message=message,
    )
