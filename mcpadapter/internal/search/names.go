package search

// firstNames are usual names of people, as requests have them in place of an ID.
const firstNames = " " +
	"aaron abby abdul ada adam adele agnes ahmed aisha alan alana albert alejandro alex alexander alexandra " +
	"alexis ali alice alicia alina alison allison amanda amelia amir amy andrea andreas andrew andy angela " +
	"anita anja ann anna anne annie anthony antonio anya arjun arthur ashley astrid audrey ava ayesha barbara " +
	"beatrice ben benjamin bernard beth betty billy bjorn bob bobby boris brad brandon brenda brian bridget " +
	"bruce bruno caleb camila carl carla carlos carmen carol caroline catherine cathy cecilia charles charlie " +
	"charlotte chen chloe chris christian christina christine christopher cindy claire clara claudia colin " +
	"connie craig cynthia daisy dan daniel daniela danny dave david deborah debra denise dennis derek diana " +
	"diane diego dmitri dominic donald donna dora doris dorothy doug douglas dylan eddie edgar edith edward " +
	"eleanor elena eli elias elise eliza elizabeth ella ellen elliot elsa emil emily emma eric erica erik erin " +
	"ernest esther ethan eva evan eve evelyn fatima faye felix fernando finn fiona florence frances francis " +
	"fred freya frida gabriel gabriela gary gavin george georgia gerald gina giulia gloria grace graham greg " +
	"greta gustav hana hank hannah hans harold harriet harry hassan heather hector heidi helen helena helga " +
	"henrik henry howard hugh hugo ian ibrahim ida igor ilse ines ingrid irene iris isaac isabel isabella ivan " +
	"jack jackie jacob jacqueline jake james jamie jan jane janet janice jared jasmine jason javier jay jean " +
	"jeff jeffrey jen jenna jennifer jenny jeremy jerry jesse jessica jill jim jimmy joan joanna joe joel " +
	"johan johanna john johnny jon jonas jonathan jordan jorge jose josef joseph josh joshua joyce juan judith " +
	"judy julia julian julie justin kai karen karin karl kate katherine kathy katie keith kelly ken kenneth " +
	"kevin kim kirsten klaus kristen kumar kurt kyle larry lars laura lauren lea leah lee lena leo leon " +
	"leonard leslie lewis liam lily lina linda lisa liz logan lois lorenzo louis louise luca lucas lucia lucy " +
	"luis luke luna lydia lynn madison maggie malik marc marco marcus margaret maria marie marina mario marion " +
	"marta martha martin mary mateo matt matthew matthias maureen max maya megan mei mel melanie melissa mia " +
	"michael michelle miguel mike mila milo mira miriam mohamed mohammed molly mona monica moritz nadia nancy " +
	"naomi natalia natalie natasha nate nathan neil nelly nia nick nicolas nicole nigel nikita nils nina noah " +
	"noel nora norman olga oliver olivia omar oscar otto owen pablo pam pamela patricia patrick paul paula " +
	"pedro peggy penny pete peter petra phil philip phoebe pia pierre priya quinn rachel rafael raj ralph " +
	"ramon randy raul ravi raymond rebecca regina rene renee ricardo richard rick rita robert roberta robin " +
	"rodrigo roger roland roman ron ronald rosa rosie ross roy ruby rudy russ russell ruth ryan sabine sally " +
	"sam samantha samir samuel sandra sanjay sara sarah sasha saul scott sean sebastian selma serena sergei " +
	"shannon sharon sheila shirley silvia simon simone sofia sonia sophia sophie stacy stan stefan stella " +
	"stephanie stephen steve steven stuart sue susan susanne suzanne sven sylvia tamara tania tanya tara ted " +
	"teresa terry thea theo theresa thomas tiffany tim timothy tina tobias toby todd tom tomas tommy tony " +
	"tracy trevor trudy tyler ulla ursula valentina valerie vanessa vera veronica victor victoria vijay vince " +
	"vincent virginia vivian vlad walter wanda warren wayne wei wendy william wilma winston xavier yara yasmin " +
	"yolanda yuki yusuf yvonne zach zachary zara zeynep zoe zoey "

// companies are names that stand for any company.
const companies = " acme globex initech contoso fabrikam northwind adventureworks umbrella hooli wonka stark wayne " +
	"vandelay soylent cyberdyne tyrell aperture massive dunder mifflin piedpiper oscorp lexcorp wernham duff sirius " +
	"virtucon zorg weyland yutani monarch gringotts monsters foocorp bigcorp examplecorp megacorp widgetco initrode "

func isPerson(word string) bool  { return among(firstNames, word) }
func isCompany(word string) bool { return among(companies, word) }
